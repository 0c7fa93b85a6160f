"""What the written report beside a form says of its money and scores."""
