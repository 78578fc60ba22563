-- Callers who asked for a person, or had to be given one, and what came of it.
-- business_id varchar: the business that was called
-- day date: local day the call began
-- reason varchar: why, in the agent's words, in small letters
-- urgency varchar: normal or urgent
-- result varchar: answered, voicemail, nobody; or pending, when nobody was rung
-- escalations bigint: how many
select
  business_id,
  day,
  lower(trim(escalation_reason)) as reason,
  escalation_urgency as urgency,
  escalation_result as result,
  count(*) as escalations
from calls
where escalation_reason is not null
group by business_id, day, lower(trim(escalation_reason)), escalation_urgency, escalation_result
