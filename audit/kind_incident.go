package audit

// The kinds of the register of incidents. Their entries name ids, kinds and
// numbers, never what an officer wrote; link is a salted hash of it, so that the
// rows can be held to the log.
const (
	KindIncidentOpened    Kind = "incident_opened"    // its first event; attributes event, number, link, and proposal where it was one
	KindIncidentEvent     Kind = "incident_event"     // attributes event, number, link
	KindIncidentDocument  Kind = "incident_document"  // a document was made; attributes document, format
	KindIncidentProposed  Kind = "incident_proposed"  // by our own programs; attributes alarm, number
	KindIncidentDismissed Kind = "incident_dismissed" // a proposal
	KindIncidentWarned    Kind = "incident_warned"    // the officer, by e-mail; attributes duty, threshold, deadline
)
