"""Departments 承办单位: the bureaus, towns and centres that handle reports."""
