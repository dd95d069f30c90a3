package breach

import "fmt"

// ParseBody reads what an event of that kind says, strictly. Error:
// [ErrEventInvalid], for an unknown kind too.
func ParseBody(kind Kind, text []byte) (Body, error) {
	read, known := readers[kind]
	if !known {
		return nil, fmt.Errorf("%w: unknown kind", ErrEventInvalid)
	}
	return read(text)
}

// Kinds are all kinds of event, in the order of the five steps.
func Kinds() []Kind {
	return []Kind{
		KindReported, KindReportedCorrected, KindAware, KindAwareCorrected, KindLinked, KindCredibility, KindFact,
		KindChecklist, KindNature, KindEstablished, KindAssessed, KindActionStarted, KindActionFinished, KindContained,
		KindOrdered, KindOrderAcknowledged, KindOrderDone, KindOrderWithdrawn, KindContact, KindOfficeNotified,
		KindOfficeReceipt, KindDelayExplained, KindOfficeDecided, KindSubjectsPrepared, KindDelivered, KindPublished,
		KindReachChecked, KindControllerTold, KindControllerReceipt, KindRecovered, KindTaskSet, KindTaskDone,
		KindTaskChecked, KindReviewed, KindDocument, KindClosed, KindReopened,
	}
}

var readers = map[Kind]func([]byte) (Body, error){
	KindReported:          read[Reported],
	KindReportedCorrected: read[ReportedCorrected],
	KindAware:             read[Aware],
	KindAwareCorrected:    read[AwareCorrected],
	KindLinked:            read[Linked],
	KindCredibility:       read[Credibility],
	KindFact:              read[Fact],
	KindChecklist:         read[Checklist],
	KindNature:            read[Nature],
	KindEstablished:       read[Established],
	KindAssessed:          read[Assessed],
	KindActionStarted:     read[ActionStarted],
	KindActionFinished:    read[ActionFinished],
	KindContained:         read[Contained],
	KindOrdered:           read[Ordered],
	KindOrderAcknowledged: read[OrderAcknowledged],
	KindOrderDone:         read[OrderDone],
	KindOrderWithdrawn:    read[OrderWithdrawn],
	KindContact:           read[Contact],
	KindOfficeNotified:    read[OfficeNotified],
	KindOfficeReceipt:     read[OfficeReceipt],
	KindDelayExplained:    read[DelayExplained],
	KindOfficeDecided:     read[OfficeDecided],
	KindSubjectsPrepared:  read[SubjectsPrepared],
	KindDelivered:         read[Delivered],
	KindPublished:         read[Published],
	KindReachChecked:      read[ReachChecked],
	KindControllerTold:    read[ControllerTold],
	KindControllerReceipt: read[ControllerAcknowledged],
	KindRecovered:         read[Recovered],
	KindTaskSet:           read[TaskSet],
	KindTaskDone:          read[TaskDone],
	KindTaskChecked:       read[TaskChecked],
	KindReviewed:          read[Reviewed],
	KindDocument:          read[DocumentAttached],
	KindClosed:            read[Closed],
	KindReopened:          read[Reopened],
}

func read[B Body](text []byte) (Body, error) {
	var b B
	if err := strict(text, &b); err != nil {
		return nil, err
	}
	return b, nil
}
