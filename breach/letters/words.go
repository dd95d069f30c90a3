package letters

import (
	"strings"

	"chipproof/breach"
)

// The closed lists in the words of the law and of the article.

var effectWords = map[breach.Effect]string{
	breach.EffectLoss:       "สูญหาย",
	breach.EffectAccess:     "เข้าถึง",
	breach.EffectUse:        "ใช้",
	breach.EffectChange:     "เปลี่ยนแปลง",
	breach.EffectAlteration: "แก้ไข",
	breach.EffectDisclosure: "เปิดเผย",
}

var causeWords = map[breach.Cause]string{
	breach.CauseIntent:       "เจตนา",
	breach.CauseWilfulness:   "ความจงใจ",
	breach.CauseNegligence:   "ความประมาทเลินเล่อ",
	breach.CauseUnauthorised: "การกระทำโดยปราศจากอำนาจหรือโดยมิชอบ",
	breach.CauseOffence:      "การกระทำความผิดเกี่ยวกับคอมพิวเตอร์",
	breach.CauseThreat:       "ภัยคุกคามทางไซเบอร์",
	breach.CauseError:        "ข้อผิดพลาดบกพร่อง",
	breach.CauseAccident:     "อุบัติเหตุ",
	breach.CauseOther:        "เหตุอื่น",
}

var labelWords = map[breach.Label]string{
	breach.Confidentiality: "การละเมิดความลับของข้อมูลส่วนบุคคล (Confidentiality Breach)",
	breach.Integrity:       "การละเมิดความถูกต้องครบถ้วนของข้อมูลส่วนบุคคล (Integrity Breach)",
	breach.Availability:    "การละเมิดความพร้อมใช้งานของข้อมูลส่วนบุคคล (Availability Breach)",
}

var meansWords = map[breach.Means]string{
	breach.MeansPeople:     "มาตรการทางบุคลากร",
	breach.MeansProcess:    "มาตรการทางกระบวนการ",
	breach.MeansTechnology: "มาตรการทางเทคโนโลยี",
}

var sourceWords = map[breach.Source]string{
	breach.FromStaff:     "เจ้าหน้าที่",
	breach.FromPublic:    "ประชาชน",
	breach.FromProcessor: "ผู้ประมวลผลข้อมูลส่วนบุคคล",
	breach.FromScanner:   "การสแกนหาข้อมูลรั่วไหล",
	breach.FromCERT:      "ศูนย์ประสานงานความมั่นคงปลอดภัย",
	breach.FromSystem:    "ระบบของหน่วยงาน",
	breach.FromOther:     "แหล่งอื่น",
}

var areaWords = map[breach.Area]string{
	breach.Organisational: "มาตรการเชิงองค์กร",
	breach.Technical:      "มาตรการเชิงเทคนิค",
	breach.Physical:       "มาตรการทางกายภาพ",
}

var riskWords = map[breach.Risk]string{
	breach.RiskNone: "ไม่มีความเสี่ยง",
	breach.RiskSome: "มีความเสี่ยง",
	breach.RiskHigh: "มีความเสี่ยงสูง",
}

var verdictWords = map[breach.Verdict]string{
	breach.Credible:     "มีเหตุอันควรเชื่อ",
	breach.NotCredible:  "ไม่มีเหตุอันควรเชื่อ",
	breach.Confirmed:    "ยืนยันว่ามีการละเมิด",
	breach.NotConfirmed: "ไม่พบว่ามีการละเมิด",
}

var resultWords = map[breach.Result]string{
	breach.ResultEnded: "การละเมิดสิ้นสุดแล้ว",
	breach.ResultEased: "บรรเทาแล้ว ไม่ส่งผลกระทบเพิ่มเติม",
}

var reachWords = map[breach.Reach]string{
	breach.ReachOpen:    "เข้าถึงได้โดยไม่ต้องเข้าสู่ระบบ",
	breach.ReachLogin:   "ต้องเข้าสู่ระบบก่อน",
	breach.ReachOther:   "ไม่พบข้อความของประกาศ",
	breach.ReachNothing: "เปิดหน้าเว็บไม่ได้",
}

var excusalWords = map[breach.Excusal]string{
	breach.Excused:    "ยกเว้นความผิดจากการแจ้งล่าช้า",
	breach.NotExcused: "ไม่ยกเว้นความผิดจากการแจ้งล่าช้า",
	breach.OtherWord:  "มีหนังสือ",
}

var bandWords = map[breach.Band]string{
	breach.BandLow:      "ต่ำ",
	breach.BandMedium:   "ปานกลาง",
	breach.BandHigh:     "สูง",
	breach.BandVeryHigh: "สูงมาก",
}

var linkWords = map[breach.LinkKind]string{
	breach.LinkFinding:  "ผลการสแกน",
	breach.LinkTakedown: "คำขอถอนข้อมูล",
	breach.LinkAudit:    "รายการในบันทึกการใช้งาน",
	breach.LinkIncident: "เหตุที่เกี่ยวข้อง",
}

// stateWords are the states of a case, for the file note.
var stateWords = map[breach.State]string{
	breach.StateReported:         "รับแจ้งเหตุ",
	breach.StateCredible:         "มีเหตุอันควรเชื่อ",
	breach.StateConfirmed:        "ยืนยันเหตุแล้ว",
	breach.StateContained:        "ระงับเหตุแล้ว",
	breach.StateNotifiedOffice:   "แจ้งสำนักงานแล้ว",
	breach.StateNotifiedSubjects: "แจ้งเจ้าของข้อมูลแล้ว",
	breach.StateToldController:   "แจ้งผู้ควบคุมข้อมูลส่วนบุคคลแล้ว",
	breach.StateNoRisk:           "ไม่มีความเสี่ยง",
	breach.StateRecovered:        "ฟื้นฟูแล้ว",
	breach.StatePrevented:        "ป้องกันการเกิดซ้ำแล้ว",
	breach.StateClosed:           "ปิดเรื่อง",
	breach.StateNotCredible:      "ไม่มีเหตุอันควรเชื่อ",
	breach.StateNotConfirmed:     "ไม่พบว่ามีการละเมิด",
}

// say joins the words of a list, as Thai does.
func say[K comparable](list []K, words map[K]string) string {
	return strings.Join(sayEach(list, words), " ")
}

func sayEach[K comparable](list []K, words map[K]string) []string {
	var out []string
	for _, k := range list {
		out = append(out, words[k])
	}
	return out
}
