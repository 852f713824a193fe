"""The site: how-tos, answers, equations and the API reference as static pages."""
