-- When a human answered an emergency: callers in danger whose on-call staff was asked to take it.
-- business_id varchar: the business that was called
-- day date: local day the call began
-- alerts bigint: emergencies that somebody was asked to take
-- acknowledged bigint: those that somebody said they have
-- within_3_minutes bigint: those within three minutes, so by the first who was asked
-- median_seconds bigint: from the first question to the answer, of those that had one
-- slowest_seconds bigint: of the same, the longest
with answered as (
  select
    business_id,
    day,
    cast(floor(to_unixtime(acknowledged_at) - to_unixtime(alerted_at)) as bigint) as seconds,
    row_number() over (partition by business_id, day order by acknowledged_at is null, acknowledged_at - alerted_at) as place,
    count(acknowledged_at) over (partition by business_id, day) as answers
  from calls
  where alerted_at is not null
)
select
  business_id,
  day,
  count(*) as alerts,
  count(seconds) as acknowledged,
  cast(sum(case when seconds <= 180 then 1 else 0 end) as bigint) as within_3_minutes,
  max(case when place = cast(floor((answers + 1) / 2) as bigint) then seconds end) as median_seconds,
  max(seconds) as slowest_seconds
from answered
group by business_id, day
