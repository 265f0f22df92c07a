"""The rooms: one package per feature of the domain, ordered so that none reaches upwards."""
