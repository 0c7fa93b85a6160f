"""Archives and e-mails, whose members are files of their own."""
