-- What became of bookings: moved, called off, given back, done; by the week of the booking.
-- business_id varchar: whose jobs
-- week date: the Monday of the week they were booked in
-- bookings bigint: how many
-- moved bigint: of these, moved or put right at least once, on a call, by text or by the office
-- changes bigint: how often that was, all together
-- cancelled bigint: called off by customer or office
-- cancelled_paid bigint: of these, with a deposit that is here
-- released bigint: given back, since the deposit was not paid
-- completed bigint: whose books are closed
select
  business_id,
  week,
  count(*) as bookings,
  count(*) filter (where changes > 0) as moved,
  cast(sum(changes) as bigint) as changes,
  count(*) filter (where status = 'cancelled') as cancelled,
  count(*) filter (where status = 'cancelled' and deposit_paid) as cancelled_paid,
  count(*) filter (where status = 'released') as released,
  count(*) filter (where status = 'completed') as completed
from jobs
group by business_id, week
