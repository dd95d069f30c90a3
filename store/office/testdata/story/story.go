// Package story tells the example of the article (assurance B14): a web host's
// bug in checking access locks people out. For tests of the register and the
// program that they kill.
package story

import (
	"strings"
	"time"

	"chipproof/breach"
)

// Digest is the SHA-256 of something.
var Digest = strings.Repeat("0a", 32)

// Step is one event of the story, as it would be written at a moment.
type Step func(now time.Time) breach.Body

// Steps is the story from first call to closing. It can be told at any pace.
func Steps() []Step {
	at := breach.At
	steps := []Step{
		func(now time.Time) breach.Body {
			return breach.Reported{
				Title: "ประชาชนเข้าใช้ระบบจองคิวไม่ได้", Role: breach.RoleController, Source: breach.FromProcessor,
				Summary:    "ผู้ให้บริการ Web Hosting แจ้งว่าโปรแกรมตรวจสอบสิทธิ์ผิดพลาด",
				ReportedAt: at(now), ProcessorAwareAt: at(now.Add(-5 * time.Hour)),
			}
		},
		told(breach.Credibility{Verdict: breach.Credible, Reason: "โทรกลับไปยืนยันกับผู้ให้บริการแล้ว"}),
		func(now time.Time) breach.Body {
			return breach.Aware{AwareAt: at(now), Basis: "ผู้ให้บริการยืนยันเป็นหนังสือ"}
		},
		func(now time.Time) breach.Body {
			return breach.Ordered{
				To: "บริษัท เว็บโฮสติ้ง จำกัด", Means: breach.MeansTechnology, Text: "แก้ไขโปรแกรมตรวจสอบสิทธิ์", DueAt: at(now.Add(12 * time.Hour)),
			}
		},
		func(now time.Time) breach.Body {
			return breach.OrderAcknowledged{Order: 1, AcknowledgedAt: at(now), Reference: "อีเมล"}
		},
		func(now time.Time) breach.Body {
			return breach.Fact{SeenAt: at(now), Source: "ผู้ให้บริการ", Text: "ผู้ใช้ทุกคนถูกปฏิเสธหลังปรับรุ่นโปรแกรม"}
		},
		told(nature()),
		told(checklist(breach.Organisational)), told(checklist(breach.Technical)), told(checklist(breach.Physical)),
		told(breach.Established{Verdict: breach.Confirmed, Reason: "ทดสอบแล้วผู้ใช้ทุกคนเข้าไม่ได้"}),
		func(now time.Time) breach.Body {
			return breach.OrderDone{Order: 1, DoneAt: at(now), Report: "แก้ไขและทดสอบแล้ว"}
		},
		told(breach.Contained{Result: breach.ResultEnded, Text: "เข้าใช้ระบบได้ตามปกติ"}),
		told(assessed()),
		told(breach.Contact{Name: "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล", Phone: "0 2000 0000", Email: "dpo@example.go.th"}),
	}
	return append(steps, ending()...)
}

func ending() []Step {
	at := breach.At
	return []Step{
		func(now time.Time) breach.Body {
			return breach.OfficeNotified{
				SentAt: at(now), Channel: "ระบบแจ้งเหตุของ สคส.", Document: Digest,
				Receipt: &breach.Receipt{Reference: "สคส 0001/2570", ReceivedAt: at(now), Document: Digest},
			}
		},
		told(breach.SubjectsPrepared{
			Nature: "ระบบจองคิวใช้งานไม่ได้ชั่วคราว", Effects: "อาจพลาดคิวที่จองไว้", Remedies: "จองคิวใหม่ให้โดยไม่ต้องรอ",
			Measures: "แก้ไขโปรแกรมแล้ว", Advice: "ตรวจสอบคิวของท่านอีกครั้ง",
		}),
		told(breach.Delivered{List: 1, Rows: 240, By: breach.ByEmail, Done: []breach.Rows{{From: 1, To: 240, Status: breach.Sent}}}),
		told(breach.DocumentAttached{Title: "แบบประเมินความเสี่ยง", Digest: Digest}),
		func(now time.Time) breach.Body {
			return breach.Recovered{RestoredAt: at(now), State: "ระบบจองคิวใช้งานได้ครบ"}
		},
		func(now time.Time) breach.Body {
			return breach.TaskSet{Owner: "งานเทคโนโลยีสารสนเทศ", Text: "ทดสอบสิทธิ์ก่อนปรับรุ่นทุกครั้ง", DueAt: at(now.Add(7 * 24 * time.Hour))}
		},
		func(now time.Time) breach.Body { return breach.TaskDone{Task: 1, DoneAt: at(now)} },
		func(now time.Time) breach.Body {
			return breach.TaskChecked{Task: 1, CheckedAt: at(now), Effective: breach.Yes, How: "ทดสอบซ้ำแล้วผ่าน"}
		},
		told(breach.Reviewed{
			Technology: "ปรับปรุงเครื่องแม่ข่าย", Context: "บริการประชาชน", Environment: "เชื่อมต่ออินเทอร์เน็ต", Standards: "มาตรฐานเว็บไซต์ สกมช.",
			Purpose: "จองคิว", Resources: "บุคลากรสองคน", Feasibility: "ทำได้ภายในหนึ่งเดือน",
		}),
		told(breach.Closed{Summary: "ปิดเรื่อง"}),
	}
}

func told(b breach.Body) Step { return func(time.Time) breach.Body { return b } }

func nature() breach.Nature {
	return breach.Nature{
		Description: "ผู้ใช้เข้าระบบไม่ได้", Effects: []breach.Effect{breach.EffectLoss}, Causes: []breach.Cause{breach.CauseError},
		Labels: []breach.Label{breach.Availability}, Data: "ข้อมูลการจองคิว", Subjects: "ประชาชนผู้ใช้บริการ",
		People: breach.Count{Number: 240, Certainty: breach.Exact}, Records: breach.Count{Certainty: breach.Unknown},
		Consequences: "พลาดคิวที่จองไว้",
	}
}

func checklist(area breach.Area) breach.Checklist {
	list := breach.Checklist{Area: area}
	for _, item := range area.Items() {
		list.Items = append(list.Items, breach.Measure{Item: item, InPlace: breach.InPlacePartly, Evidence: "เอกสารแนบ"})
	}
	if area == breach.Technical {
		list.Unintelligible, list.KeyLost = breach.No, breach.NotKnown
	}
	return list
}

func assessed() breach.Assessed {
	return breach.Assessed{
		Factors: breach.Factors{
			Breach: "เข้าใช้ไม่ได้", Data: "ข้อมูลการจองคิว", People: "มีผู้สูงอายุ", Severity: "พลาดการรักษา",
			WideEffect: "จำกัดในพื้นที่", Storage: "เว็บไซต์ของหน่วยงาน", Controller: "หน่วยงานของรัฐ",
		},
		Severity: breach.Severity{Context: breach.ContextSimple, Identification: 4, Confidentiality: 0, Malicious: 0},
		Risk:     breach.RiskHigh, Reason: "ดูปัจจัยทั้งเจ็ดประกอบกัน",
	}
}
