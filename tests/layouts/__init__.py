"""Small forms in any office's layout: `drawing.lay_out` writes one, `truth.differences` holds what was read against it."""
