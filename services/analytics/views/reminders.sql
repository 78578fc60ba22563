-- Who may be texted, who was reminded of the visit, and what reminders of unpaid deposits came to.
-- business_id varchar: whose jobs
-- week date: the Monday of the week the visits were booked in
-- bookings bigint: how many
-- texts_ok bigint: of these, whose customer said yes to texts on the call: visits reminded of
-- visits_reminded bigint: whose customer was reminded of the visit
-- deposits_reminded bigint: whose unpaid deposit the customer was reminded of
-- paid_after bigint: of those reminded, paid by now
select
  business_id,
  week,
  count(*) as bookings,
  count(texts_ok_at) as texts_ok,
  count(visit_reminded_at) as visits_reminded,
  count(reminded_at) as deposits_reminded,
  count(case when deposit_paid then reminded_at end) as paid_after
from jobs
group by business_id, week
