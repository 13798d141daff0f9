"""What goes in and comes out: briefs, results, the shared vocabulary and the rules on them. Pure data and functions."""
