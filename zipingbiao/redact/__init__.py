"""Take people out of the results."""
