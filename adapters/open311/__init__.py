"""Open311 GeoReport v2: service requests as JSON and as XML, and a small extension for orders.

Source of the standard: GeoReport v2 (wiki.open311.org) and its JSON schemas. Times carry
a zone, texts are UTF-8, a list of one kind of thing is ``<things><thing>…`` in XML and an
array in JSON; both are read to the same values and written from the same values.

The standard tells of a request's beginning and end only. What a work order goes through is
our own extension, beside the standard's resources and in both formats:

* ``GET requests?cursor=`` gives requests in the order in which they arrived, behind a
  place; headers ``X-Next-Cursor`` and ``X-More``. A server that does not know the
  parameter is read by time (`adapters.open311.place`).
* ``GET updates?cursor=`` gives what has happened to requests, in the same way: urged,
  supervised, called back, rated, returned, a stage reached.
* ``POST requests/{id}/events`` with an ``Idempotency-Key`` says what was done (``sign``,
  ``handle``, ``answer``, ``finish``) or is asked for (``return``, ``extend``, ``urge``,
  ``supervise``, ``callback``, ``transfer``). ``POST requests``, the standard's own, takes
  the same header: that is how a call is handed over to another hotline.
* ``GET events/{key}`` says what became of either.
* ``extended_attributes`` of a request or update carry what the standard has no field for.
"""
