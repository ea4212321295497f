"""The compiled ward: people in the order in which they come, the bed that is free first, and figures of what was seen.

A bed is given in the order of arrival, so nobody needs a list of events: departures lie in a calendar of buckets, about
one to a bucket, and each is put in and taken out once. Importing this compiles nothing; the first call does. All times
are days.
"""

# numba compiles each for the types that it is called with.
# mypy: allow-untyped-defs

import numpy as np
from numba import njit

WAITS, CANCELLED, CLOSES = 0, 1, 2
"""What becomes of who finds no bed; a closure waits as a patient does, and is none."""
LONG_WAIT = 4 / 24
"""A wait of more than four hours is counted."""
CAME, WAITED, LONG, CANCELS, PLANNED = range(5)
"""What is counted."""


@njit(nogil=True)
def leave(ready, chance, weekend_share, first, last):
    """When somebody ready may leave: within the hours, and at a weekend only some."""
    day = np.floor(ready)
    hour = ready - day
    if hour > last:
        day += 1.0
        hour = first
    elif hour < first:
        hour = first
    week = day % 7.0
    if week >= 5.0 and chance >= weekend_share:
        day += 7.0 - week
        hour = first
    return day + hour


@njit(nogil=True)
def given_back(head, following, departs, bucket, until, now):
    """How many beds have been left by now, which are taken out of the calendar, and the bucket that it is open at."""
    beds = 0
    while bucket < until:
        n = head[bucket]
        while n >= 0:
            beds += 1
            n = following[n]
        head[bucket] = -1
        bucket += 1
    if bucket == until:
        n = head[bucket]
        while n >= 0 and departs[n] <= now:
            beds += 1
            n = following[n]
        head[bucket] = n
    return beds, bucket


@njit(nogil=True)
def put_in(head, following, departs, n, place):
    """Put a departure into its bucket, in order."""
    m = head[place]
    if m < 0 or departs[m] >= departs[n]:
        following[n] = m
        head[place] = n
        return
    while following[m] >= 0 and departs[following[m]] < departs[n]:
        m = following[m]
    following[n] = following[m]
    following[m] = n


@njit(nogil=True)
def at_midnights(changes, first, days, most):
    """On how many of the days looked at more beds than ``most`` were taken at midnight, and how many 5, 50 and 95 in 100 had at most."""
    counts = np.empty(days - first, np.int32)
    taken = above = 0
    for day in range(days + 1):
        taken += changes[day]
        if day > first:
            counts[day - first - 1] = taken
            above += taken > most
    counts.sort()
    last = days - first - 1
    return above, counts[int(0.05 * last)], counts[int(0.5 * last)], counts[int(0.95 * last)]


@njit(nogil=True)
def ward(at, stay, delay, kind, weekend, leaving, beds, warm, horizon, far, threshold, out):
    """Let one replication's people through the ward, and write its figures into ``out``.

    Departures are kept until ``far``, some days after the last arrival, so that who still waits at the end is given
    the wait that they have.
    """
    number = at.shape[0]
    buckets = max(number, 16)
    scale = buckets / far
    head = np.full(buckets + 1, -1, np.int32)
    following = np.empty(number, np.int32)
    departs = np.empty(number, np.float64)
    days = int(np.ceil(horizon))
    midnight = np.zeros(days + 2, np.int32)
    counts = np.zeros(5, np.int64)
    free, bucket = beds, 0
    waiting = queued = longest = taken = delayed = closed = 0.0
    for n in range(number):
        now = at[n]
        what = kind[n] if kind.size else WAITS
        back, bucket = given_back(head, following, departs, bucket, int(now * scale), now)
        free += back
        if free > 0:
            begins = now
            free -= 1
        elif what == CANCELLED:
            counts[CANCELS] += now >= warm
            continue
        else:
            # Whoever leaves next leaves the bed to them, since nobody overtakes.
            while bucket < buckets and head[bucket] < 0:
                bucket += 1
            begins = far
            if bucket < buckets:
                begins = departs[head[bucket]]
                head[bucket] = following[head[bucket]]
        ready = begins + stay[n]
        ends = ready
        if what != CLOSES:
            if delay.size:
                ends += delay[n]
            if weekend.size:
                ends = leave(ends, weekend[n], leaving[0], leaving[1], leaving[2])
        departs[n] = ends
        if ends < far:
            put_in(head, following, departs, n, min(int(ends * scale), buckets - 1))
        inside = max(min(ends, horizon) - max(begins, warm), 0.0)
        queued += (what == WAITS) * max(min(begins, horizon) - max(now, warm), 0.0)
        if what == CLOSES:
            closed += inside
            continue
        if now >= warm:
            counts[PLANNED] += what == CANCELLED
            if what == WAITS:
                counts[CAME] += 1
                wait = begins - now
                waiting += wait
                longest = max(longest, wait)
                counts[WAITED] += wait > 0
                counts[LONG] += wait > LONG_WAIT
        taken += inside
        delayed += max(min(ends, horizon) - max(ready, warm), 0.0)
        if begins < horizon:
            midnight[int(np.ceil(begins))] += 1
            midnight[min(int(np.ceil(ends)), days + 1)] -= 1
    span = horizon - warm
    came = counts[CAME]
    out[0] = taken / (beds * span - closed) if beds * span > closed else np.nan
    out[1] = 24 * waiting / came if came else np.nan
    out[2] = counts[WAITED] / came if came else np.nan
    out[3] = counts[LONG] / came if came else np.nan
    out[4], out[11], out[12], out[5] = at_midnights(midnight, int(np.ceil(warm)), days, threshold * beds)
    out[6] = delayed / span
    out[7] = counts[CANCELS]
    out[8] = 24 * longest
    out[9] = came + counts[PLANNED]
    out[10] = queued / span
