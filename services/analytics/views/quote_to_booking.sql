-- Of the calls that were given a price, how many booked, and for how much.
-- business_id varchar: the business that was called
-- week date: the Monday of the week
-- quoted bigint: calls that got a price
-- booked bigint: of these, became a job
-- quote_to_booking double: booked / quoted
-- quoted_cents bigint: the first prices given, added up, US cents
-- booked_cents bigint: the estimates of the jobs they became, US cents
select
  c.business_id as business_id,
  c.week as week,
  count(*) as quoted,
  count(c.job_id) as booked,
  cast(count(c.job_id) as double) / count(*) as quote_to_booking,
  cast(sum(c.quote_total_cents) as bigint) as quoted_cents,
  cast(coalesce(sum(j.estimate_cents), 0) as bigint) as booked_cents
from calls c
left join jobs j on j.job_id = c.job_id
where c.quoted_at is not null
group by c.business_id, c.week
