"""Tables, engine, migrations, the ledger and saved content."""
