"""Builds a job environment: locked packages in, one sealed read-only image out.

Standard library only, Python 3.11 or newer. Each module is one stage; `build` is the plan.
"""
