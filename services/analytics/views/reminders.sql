-- Who may be texted, and what reminders of unpaid deposits came to, by the week of the booking.
-- business_id varchar: whose jobs
-- week date: the Monday of the week they were booked in
-- bookings bigint: how many
-- texts_ok bigint: of these, whose customer said yes to texts on the call: visits reminded of
-- deposits_reminded bigint: whose unpaid deposit the customer was reminded of
-- paid_after bigint: of those reminded, paid by now
select
  business_id,
  week,
  count(*) as bookings,
  count(texts_ok_at) as texts_ok,
  count(reminded_at) as deposits_reminded,
  count(case when deposit_paid then reminded_at end) as paid_after
from jobs
group by business_id, week
