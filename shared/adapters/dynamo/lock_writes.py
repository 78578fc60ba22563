"""The writes by which an hour of a crew's is taken, kept and given back, each with its condition.

The holder of an hour is a job's id, or what a crew is blocked for; a write that finds another's
is refused, and told what stood there.
"""

from dataclasses import dataclass
from typing import Any

from shared.adapters.dynamo.rows import key, pack
from shared.schema import PK, SK

Write = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LockWrites:
    """Each as one write of a transaction on `table`."""

    table: str

    def new(self, row: dict[str, Any]) -> Write:
        """A row that was not there."""
        return {
            "Put": {
                "TableName": self.table,
                "Item": pack(row),
                "ConditionExpression": "attribute_not_exists(pk)",
                # To tell our own retry from somebody else's job.
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def take(self, lock: dict[str, Any], holder: str) -> Write:
        """Hold an hour that is free, or that is the holder's already."""
        write = self.new(lock)
        write["Put"]["ConditionExpression"] += " OR job_id = :job"
        write["Put"]["ExpressionAttributeValues"] = {":job": {"S": holder}}
        return write

    def still(self, lock: dict[str, Any], holder: str) -> Write:
        """An hour that is kept: nothing is written, but it must be the holder's."""
        return {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": key(lock[PK], lock[SK]),
                "ConditionExpression": "job_id = :job",
                "ExpressionAttributeValues": {":job": {"S": holder}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def free(self, lock: dict[str, Any], holder: str) -> Write:
        """Give an hour back: it is the holder's, or was free."""
        return {
            "Delete": {
                "TableName": self.table,
                "Key": key(lock[PK], lock[SK]),
                "ConditionExpression": "attribute_not_exists(pk) OR job_id = :job",
                "ExpressionAttributeValues": {":job": {"S": holder}},
            }
        }
