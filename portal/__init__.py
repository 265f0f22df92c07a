"""随手拍·及时查: residents report pollution, the city puts it right, everybody can see it."""
