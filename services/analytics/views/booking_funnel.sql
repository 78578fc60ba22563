-- From bookable calls to bookings, by week and whether the office was open.
-- business_id varchar: the business that was called
-- week date: the Monday of the week
-- business_hours boolean: the office was open when the call came in
-- calls bigint: all calls
-- bookable bigint: could have become a job: not spam, wrong number, out of area or about an old job
-- quoted bigint: of the bookable, got a price
-- offered bigint: of the bookable, were offered windows or booked
-- booked bigint: of the bookable, became a job
-- booking_rate double: booked / bookable; null when none was bookable
select
  business_id,
  week,
  business_hours,
  count(*) as calls,
  count(*) filter (where bookable) as bookable,
  count(*) filter (where bookable and quoted_at is not null) as quoted,
  count(*) filter (where bookable and (stage in ('offered', 'booked') or job_id is not null)) as offered,
  count(*) filter (where bookable and job_id is not null) as booked,
  cast(count(*) filter (where bookable and job_id is not null) as double) / nullif(count(*) filter (where bookable), 0) as booking_rate
from calls
group by business_id, week, business_hours
