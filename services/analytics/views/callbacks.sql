-- Callers who were to be called back by the office, and whether they were in time.
-- business_id varchar: the business that was called
-- day date: local day the call began
-- urgency varchar: normal or urgent
-- callbacks bigint: how many
-- done bigint: those the office said it has made
-- late bigint: those made after they were due
-- open bigint: those that nobody has marked as made
select
  business_id,
  day,
  callback_urgency as urgency,
  count(*) as callbacks,
  count(called_back_at) as done,
  cast(sum(case when called_back_at > callback_due_at then 1 else 0 end) as bigint) as late,
  cast(sum(case when called_back_at is null then 1 else 0 end) as bigint) as open
from calls
where callback_asked_at is not null
group by business_id, day, callback_urgency
