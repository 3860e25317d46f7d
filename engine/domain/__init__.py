"""The field's terms as frozen objects. Knows no storage, no screen, no agency by name, and no clock."""
