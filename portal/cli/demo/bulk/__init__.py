"""A city of very many reports: the histories of some, walked through the services, laid anew."""
