"""What owners change without a deployment: a version is kept, put in force, and taken back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from services.operator.where.published_files import Overtaken, Pointer, PublishedFiles
from services.operator.where.trouble import CannotTell
from shared.businesses import BadBusiness, parse
from shared.domain.business import Business
from shared.published import BusinessFile, Files

TRIES = 3
IN_FORCE = "new calls have it within a minute; calls under way keep theirs"


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was read and found good."""

    text: str
    business: Business


def in_force(store: PublishedFiles, folder: Files) -> dict[str, BusinessFile]:
    """Every business's file, as the stage's processes have it."""
    pointer = store.pointer()
    return {**folder, **pointer.files}


def apart(draft: Draft, others: Files) -> None:
    """Raises CannotTell: another business of the stage answers one of its numbers."""
    for file in others.values():
        if file.business_id == draft.business.id:
            continue
        try:
            other = parse(file.text, file.business_id)
        except BadBusiness:
            continue  # told by `list`
        if shared := sorted(set(other.numbers) & set(draft.business.numbers)):
            raise CannotTell(f"numbers: {shared[0]} is {other.id}'s already")


def publish(store: PublishedFiles, draft: Draft, folder: Files) -> Iterator[str]:
    """Put the draft in force. The same text again changes nothing."""
    business_id = draft.business.id

    def changed(pointer: Pointer) -> BusinessFile | None:
        apart(draft, {**folder, **pointer.files})
        now = pointer.files.get(business_id)
        if now is not None and now.text == draft.text:
            return None
        before = now or folder.get(business_id)
        # A file of the folder that a stage has gone by so far is what can be gone back to.
        kept = before.text if before and before.text != draft.text else None
        return BusinessFile(business_id, draft.text, kept, is_published=True)

    store.keep(business_id, draft.text)
    new = _put(store, business_id, changed)
    version = draft.business.version
    if new is None:
        yield f"{business_id}: {version} is in force already"
    else:
        yield f"{business_id}: {version} is published; {IN_FORCE}"


def rollback(store: PublishedFiles, business_id: str) -> Iterator[str]:
    """Put the version before in force, and this one in its place. Raises CannotTell."""

    def changed(pointer: Pointer) -> BusinessFile | None:
        now = pointer.files.get(business_id)
        if now is None:
            known = ", ".join(pointer.files) or "none is"
            raise CannotTell(f"{business_id} is not published in {store.stage}; {known}")
        if now.before is None:
            raise CannotTell(f"{business_id}: there is no version before {now.version}")
        back = replace(now, text=now.before, before=now.text)
        try:
            draft = Draft(back.text, parse(back.text, f"{business_id}.toml"))
        except BadBusiness as exc:
            raise CannotTell(f"the version before is no good any more: {exc}") from exc
        apart(draft, pointer.files)
        return back

    new = _put(store, business_id, changed)
    if new is not None:
        yield f"{business_id}: {new.version} is in force again; {IN_FORCE}"


def _put(
    store: PublishedFiles,
    business_id: str,
    changed: Callable[[Pointer], BusinessFile | None],
) -> BusinessFile | None:
    """Change one business's entry and no other's, whoever else publishes meanwhile."""
    for _ in range(TRIES):
        pointer = store.pointer()
        new = changed(pointer)
        if new is None:
            return None
        files: Mapping[str, BusinessFile] = {**pointer.files, business_id: new}
        try:
            store.put(files, pointer)
            return new
        except Overtaken:
            continue
    raise CannotTell("others publish at the same time: run it again")
