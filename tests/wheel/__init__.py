"""What is checked of the installed package: `make wheel`, and all tests against it by `make test-wheel`."""
