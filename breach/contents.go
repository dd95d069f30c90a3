package breach

// The names of required contents, as duties, documents and refusals give them.
const (
	ContentDescription  = "description"  // kind of breach, its nature
	ContentPeople       = "people"       // nature and number of data subjects
	ContentRecords      = "records"      // number of records
	ContentContact      = "dpo_contact"  // DPO or contact point
	ContentConsequences = "consequences" // possible ones
	ContentMeasures     = "measures"     // taken or planned
	ContentReceipt      = "receipt"
	ContentReasons      = "reasons" // of a delay
	ContentDetails      = "details" // of a delay
	ContentNature       = "nature"  // of the breach, in brief, for data subjects
	ContentEffects      = "effects" // possible ones on the person
	ContentRemedies     = "remedies"
	ContentAdvice       = "advice" // what the person can do
)

// OfficeMissing names the contents of the notice to the Office that the case
// doesn't hold yet (assurance §3.1), in the law's order.
func (c Case) OfficeMissing() []string {
	missing := []string{}
	if c.Nature == nil {
		missing = append(missing, ContentDescription, ContentPeople, ContentRecords)
	}
	if c.Contact == nil {
		missing = append(missing, ContentContact)
	}
	if c.Nature == nil || c.Nature.Consequences == "" {
		missing = append(missing, ContentConsequences)
	}
	if len(c.Actions)+len(c.Orders)+len(c.Tasks) == 0 {
		missing = append(missing, ContentMeasures)
	}
	return missing
}

// SubjectsMissing names the contents of a notice to data subjects that the case
// doesn't hold yet (assurance §3.3), in the law's order.
func (c Case) SubjectsMissing() []string {
	missing := []string{}
	if c.Prepared == nil {
		missing = append(missing, ContentNature)
	}
	if c.Contact == nil {
		missing = append(missing, ContentContact)
	}
	if c.Prepared == nil {
		missing = append(missing, ContentEffects, ContentRemedies, ContentMeasures, ContentAdvice)
	}
	return missing
}
