-- People are asked about an event as often as its proposer likes.
DROP TRIGGER request_is_of_what_waits ON approval_requests;
DROP FUNCTION candidate_waits_for_people();
