"""The grids of forms: where their headers, columns and rows are, also where a program or a page break has torn them."""
