"""Accounts 账号: who may enter, as what, and for which department or grid."""
