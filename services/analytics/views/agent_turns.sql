-- One row for each thing said, heard or done in a call.
-- call_sid varchar: the call
-- business_id varchar: the business that was called
-- seq bigint: its place in the call, from 1
-- role varchar: assistant, user, tool or system
-- words varchar: what was said (personal data); card numbers are masked before they are kept
-- said_at timestamp: UTC
-- day date: local day the call began
-- week date: the Monday of that day's week
-- latency_ms bigint: from the caller's last word to the agent's first sound
-- cut boolean: the caller spoke over it
-- heard varchar: of a cut turn, the words that were played (personal data)
-- heard_ms bigint: how long it was heard
-- sent_ms bigint: how long it would have been
-- unsure varchar: kinds of claims in it that no tool bore out for certain
-- tool varchar: the tool that was called
-- arguments varchar: JSON, as the model gave it (personal data)
-- result varchar: JSON, as the model got it (personal data)
-- took_ms bigint: how long the tool took
select
  c.call_sid as call_sid,
  c.business_id as business_id,
  cast(e.item.seq.n as bigint) as seq,
  e.item.role.s as role,
  e.item.text.s as words,
  cast(at_timezone(from_iso8601_timestamp(e.item."at".s), 'UTC') as timestamp(3)) as said_at,
  c.day as day,
  c.week as week,
  cast(e.item.latency_ms.n as bigint) as latency_ms,
  coalesce(e.item.cut."bool", false) as cut,
  e.item.heard.s as heard,
  cast(e.item.heard_ms.n as bigint) as heard_ms,
  cast(e.item.sent_ms.n as bigint) as sent_ms,
  e.item.unsure.s as unsure,
  e.item.tool.s as tool,
  e.item.arguments.s as arguments,
  e.item.result.s as result,
  cast(e.item.took_ms.n as bigint) as took_ms
from exported_agent_turns e
-- Without a call that counts there is nothing to say of its turns.
join calls c on c.call_sid = e.item.call_sid.s
where e.snapshot_date = 'current'
  and e.item.sk.s like 'T#%'
  and not coalesce(e.item.synthetic."bool", false)
