-- One row for each call. Days and hours are local to the business.
-- call_sid varchar: Twilio's id of the call
-- business_id varchar: the business that was called
-- caller varchar: caller id, E.164; null when withheld (personal data)
-- started_at timestamp: UTC
-- ended_at timestamp: UTC; null while the call is on, or when its end was never reported
-- seconds bigint: whole seconds from start to end
-- day date: local day the call began
-- week date: the Monday of that day's week
-- hour bigint: local hour of the day, 0 to 23
-- business_hours boolean: the office was open when the call came in
-- stage varchar: how far it came: answered, disclosed, qualified, quoted, offered, booked
-- disclosed_at timestamp: UTC; when "AI" and "recorded" had been said
-- prompt_version varchar: which prompt the agent had
-- quoted_at timestamp: UTC; when a price was first given
-- quote_total_cents bigint: that price, US cents
-- hazard varchar: the danger that was heard, if any
-- escalation_reason varchar: why a person was asked for, in the agent's words
-- escalation_urgency varchar: normal or urgent
-- escalation_result varchar: pending, answered, voicemail or nobody
-- escalation_topic varchar: what it was about, by the business's own topics; null for anything else
-- alerted_at timestamp: UTC; when the first person was asked to take an emergency
-- acknowledged_at timestamp: UTC; when a person said that they have it; null while nobody has
-- callback_urgency varchar: normal or urgent; null when nobody is to be called back
-- callback_asked_at timestamp: UTC; when the call-back was asked for
-- callback_due_at timestamp: UTC; by when it was to be made
-- called_back_at timestamp: UTC; when the office said that it was
-- job_id varchar: the job it became
-- message_taken boolean: a message was left for the office
-- end_reason varchar: how the agent ended it; null when the caller hung up
-- bookable boolean: it could have become a job; null when that never became clear
-- outcome varchar: what came of it; null until it has ended
-- failure varchar: what broke, also when a human then answered
-- model_cost_cents bigint: what the model cost, by the usage of its responses and list prices, US cents
-- hung_up boolean: the caller left, by hanging up or by falling silent, before anything came of it
select
  e.item.call_sid.s as call_sid,
  e.item.business_id.s as business_id,
  e.item.caller.s as caller,
  cast(at_timezone(from_iso8601_timestamp(e.item.started_at.s), 'UTC') as timestamp(3)) as started_at,
  cast(at_timezone(from_iso8601_timestamp(e.item.ended_at.s), 'UTC') as timestamp(3)) as ended_at,
  cast(floor(to_unixtime(from_iso8601_timestamp(e.item.ended_at.s))
    - to_unixtime(from_iso8601_timestamp(e.item.started_at.s))) as bigint) as seconds,
  cast(at_timezone(from_iso8601_timestamp(e.item.started_at.s), coalesce(b.time_zone, 'UTC')) as date) as day,
  cast(date_trunc('week', cast(at_timezone(from_iso8601_timestamp(e.item.started_at.s),
    coalesce(b.time_zone, 'UTC')) as date)) as date) as week,
  cast(hour(at_timezone(from_iso8601_timestamp(e.item.started_at.s), coalesce(b.time_zone, 'UTC'))) as bigint) as hour,
  e.item.business_hours."bool" as business_hours,
  e.item.stage.s as stage,
  cast(at_timezone(from_iso8601_timestamp(e.item.disclosed_at.s), 'UTC') as timestamp(3)) as disclosed_at,
  e.item.prompt_version.s as prompt_version,
  cast(at_timezone(from_iso8601_timestamp(e.item.quoted_at.s), 'UTC') as timestamp(3)) as quoted_at,
  cast(e.item.quote_total.n as bigint) as quote_total_cents,
  e.item.hazard.s as hazard,
  e.item.escalation.m.reason.s as escalation_reason,
  e.item.escalation.m.urgency.s as escalation_urgency,
  e.item.escalation.m.result.s as escalation_result,
  e.item.escalation.m.topic.s as escalation_topic,
  cast(at_timezone(from_iso8601_timestamp(e.item.alerted_at.s), 'UTC') as timestamp(3)) as alerted_at,
  cast(at_timezone(from_iso8601_timestamp(e.item.acknowledged_at.s), 'UTC') as timestamp(3)) as acknowledged_at,
  e.item.callback.m.urgency.s as callback_urgency,
  cast(at_timezone(from_iso8601_timestamp(e.item.callback.m.asked_at.s), 'UTC') as timestamp(3)) as callback_asked_at,
  cast(at_timezone(from_iso8601_timestamp(e.item.callback.m.due_at.s), 'UTC') as timestamp(3)) as callback_due_at,
  cast(at_timezone(from_iso8601_timestamp(e.item.called_back_at.s), 'UTC') as timestamp(3)) as called_back_at,
  e.item.job_id.s as job_id,
  coalesce(e.item.message_taken."bool", false) as message_taken,
  e.item.end_reason.s as end_reason,
  e.item.bookable."bool" as bookable,
  e.item.outcome.s as outcome,
  e.item.failure.s as failure,
  cast(e.item.model_cost.n as bigint) as model_cost_cents,
  (e.item.outcome.s in ('abandoned', 'quote_only')
    and coalesce(e.item.end_reason.s, 'silence') = 'silence'
    and e.item.escalation.m.reason.s is null) as hung_up
from exported_calls e
left join businesses b on b.business_id = e.item.business_id.s
where e.snapshot_date = 'current'
  and e.item.sk.s = 'META'
  and not coalesce(e.item.synthetic."bool", false)
