"""Open data: the public cases for programs."""
