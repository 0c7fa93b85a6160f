"""The report for people: a page that any browser opens without a network, with each form as it was read."""
