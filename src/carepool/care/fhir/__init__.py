"""FHIR R4 in and out, as JSON: exactly the elements that a plan's file holds, and everything else refused and named by its path."""
