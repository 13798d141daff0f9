"""Removing what is old or unwanted, in small transactions, so that it can be done while others work."""

from ai_service.readings import RemovalRequest
from ai_service.runtime import Runtime, answering, storage_errors
from models.records import Removal
from storage.retention import (
    anonymise_before,
    delete_before,
    delete_business,
    rows_before,
    rows_of_business,
)


async def delete_old(runtime: Runtime, request: RemovalRequest, *, dry_run: bool) -> Removal:
    """Delete what is older, or with `dry_run` count it."""
    async with answering(runtime):
        await runtime.ledger.flush()
    with storage_errors():
        remove = rows_before if dry_run else delete_before
        return await remove(runtime.engine, before=request.before, business_id=request.business_id)


async def anonymise_old(runtime: Runtime, request: RemovalRequest, *, dry_run: bool) -> Removal:
    """Clear what tells of people in what is older, or with `dry_run` count it."""
    async with answering(runtime):
        await runtime.ledger.flush()
    with storage_errors():
        if dry_run:
            return await rows_before(
                runtime.engine, before=request.before, business_id=request.business_id, replies_alone=True
            )
        return await anonymise_before(runtime.engine, before=request.before, business_id=request.business_id)


async def forget(runtime: Runtime, business_id: str, *, dry_run: bool) -> Removal:
    """Delete all of a business, or with `dry_run` count it."""
    async with answering(runtime):
        await runtime.ledger.flush()
    with storage_errors():
        remove = rows_of_business if dry_run else delete_business
        return await remove(runtime.engine, business_id)
