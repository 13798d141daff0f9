"""Whether a sentence stands on a field of the brief: sentences, words, values, and the fields that say them."""
