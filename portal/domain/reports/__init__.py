"""Reports 举报件: the case itself, its photos, its reporter's vault and the workflow it obeys."""
