package audit

// Problem is one thing that [Verify] found wrong.
type Problem struct {
	Code    ProblemCode `json:"code"`
	Entries string      `json:"entries,omitzero"` // numbers, "7" or "7-9"
	Source  string      `json:"source,omitzero"`  // of a witness, or of a checkpoint in the log
	Detail  string      `json:"detail,omitzero"`
}

// ProblemCode says what kind of problem it is.
type ProblemCode string

// The problems. Each speaks of what was found, not of who did it: a failing
// disk, a mistake and an attack look alike.
const (
	ProblemEntryMissing      ProblemCode = "entry_missing"
	ProblemEntryChanged      ProblemCode = "entry_changed"
	ProblemEntryMoved        ProblemCode = "entry_moved"
	ProblemEntryMalformed    ProblemCode = "entry_malformed"
	ProblemTreeChanged       ProblemCode = "tree_changed"
	ProblemErasedUnlogged    ProblemCode = "erased_unlogged"
	ProblemErasureUndone     ProblemCode = "erasure_undone"
	ProblemErasureUnsigned   ProblemCode = "erasure_unsigned"
	ProblemRestoreFalse      ProblemCode = "restore_false"
	ProblemRestoreUnsigned   ProblemCode = "restore_unsigned"
	ProblemUnsigned          ProblemCode = "unsigned"
	ProblemCheckpointInvalid ProblemCode = "checkpoint_invalid"
	ProblemCheckpoint        ProblemCode = "checkpoint_conflict"
	ProblemWitnessInvalid    ProblemCode = "witness_invalid"
	ProblemWitnessConflict   ProblemCode = "witness_conflict"
	ProblemTruncated         ProblemCode = "truncated"
	ProblemUnreadable        ProblemCode = "unreadable"
)

// Explanation is a sentence for people about a problem or a verdict.
type Explanation struct{ TH, EN string }

// Explain says what a problem means.
func (c ProblemCode) Explain() Explanation { return problemTexts[c] }

var problemTexts = map[ProblemCode]Explanation{
	ProblemEntryMissing:      {"รายการหายไป", "an entry is missing"},
	ProblemEntryChanged:      {"รายการถูกแก้ไข ไม่ตรงกับค่าแฮชที่เก็บไว้", "an entry was changed: it doesn't fit its stored hash"},
	ProblemEntryMoved:        {"รายการไม่อยู่ในลำดับเดิม", "an entry doesn't stand in its place"},
	ProblemEntryMalformed:    {"รายการอ่านไม่ได้ตามรูปแบบ", "an entry breaks its form"},
	ProblemTreeChanged:       {"ค่าแฮชที่เก็บไว้ถูกแก้ไข", "stored hashes were changed"},
	ProblemErasedUnlogged:    {"เนื้อหาของรายการถูกลบโดยไม่มีรายการบันทึกการลบ", "an entry's content is gone and no entry says that it was erased"},
	ProblemErasureUndone:     {"เนื้อหาที่บันทึกว่าลบแล้วกลับมีอยู่", "content that was erased is there again"},
	ProblemRestoreFalse:      {"รายการกู้คืนอ้างสถานะที่บันทึกนี้ไม่เคยมี", "a restored entry names a head that this log never had"},
	ProblemErasureUnsigned:   {"รายการลบไม่ได้ลงนามด้วยกุญแจของบันทึก ผู้ที่เขียนฐานข้อมูลได้อาจปลอมขึ้น", "an entry about an erasure is not signed by the log's key: whoever can write the database may have forged it"},
	ProblemRestoreUnsigned:   {"รายการกู้คืนไม่ได้ลงนามด้วยกุญแจของบันทึก จึงไม่อธิบายว่าอะไรหายไป", "a restored entry is not signed by the log's key: it accounts for nothing that is lost"},
	ProblemUnsigned:          {"บันทึกนี้ไม่มีจุดตรวจที่ลงนามเลย", "the log has no signed checkpoint at all"},
	ProblemCheckpointInvalid: {"จุดตรวจในบันทึกไม่ได้ลงนามด้วยกุญแจนี้", "a checkpoint in the log is not signed by this key"},
	ProblemCheckpoint:        {"บันทึกไม่ตรงกับจุดตรวจที่ลงนามไว้ มีการแก้ไขย้อนหลัง", "the log doesn't have the head that its own checkpoint signed: it was rewritten"},
	ProblemWitnessInvalid:    {"พยานใช้ไม่ได้ พิมพ์ผิด เป็นของบันทึกอื่น หรือไม่ได้ลงนามด้วยกุญแจนี้", "the witness is mistyped, of another log, or not signed by this key"},
	ProblemWitnessConflict:   {"บันทึกไม่ตรงกับพยาน มีการแก้ไขย้อนหลัง", "the log doesn't have the head that the witness saw: it was rewritten"},
	ProblemTruncated:         {"บันทึกสั้นกว่าที่พยานเคยเห็น รายการท้ายถูกตัดออก", "the log is shorter than what the witness saw: its end was cut off"},
	ProblemUnreadable:        {"อ่านบันทึกต่อไม่ได้", "the log can't be read any further"},
}

// Verdict is what [Verify] says about one witness.
type Verdict string

// The verdicts. Lost ones are neither proof nor forgery: a restore, which the
// log itself tells of, took the entries away.
const (
	VerdictHeld        Verdict = "held"
	VerdictLost        Verdict = "lost"
	VerdictLostUnnamed Verdict = "lost_unnamed"
	VerdictConflict    Verdict = "conflict"
	VerdictTruncated   Verdict = "truncated"
	VerdictInvalid     Verdict = "invalid"
)

// Explain says what a verdict means.
func (v Verdict) Explain() Explanation { return verdictTexts[v] }

var verdictTexts = map[Verdict]Explanation{
	VerdictHeld:        {"บันทึกยังมีทุกรายการที่พยานเคยเห็น", "the log still has everything that this witness saw"},
	VerdictLost:        {"พยานนี้มาจากช่วงที่การกู้คืนทำให้หายไป และรายการกู้คืนระบุไว้ จึงไม่ใช่ทั้งหลักฐานยืนยันและของปลอม", "from a stretch that a restore lost and names: neither proof nor forgery"},
	VerdictLostUnnamed: {"พยานนี้เห็นรายการหลังข้อมูลสำรองและก่อนการกู้คืน แต่ผู้กู้คืนไม่ทราบ รายการเหล่านั้นหายไปเช่นกัน", "from before a restore that didn't know of it: those entries are lost too; neither proof nor forgery"},
	VerdictConflict:    {"บันทึกไม่ตรงกับพยาน", "the log has something else where this witness saw its head"},
	VerdictTruncated:   {"บันทึกสั้นกว่าที่พยานเคยเห็น", "the log is shorter than what this witness saw"},
	VerdictInvalid:     {"พยานใช้ไม่ได้", "not a witness of this log"},
}

// Result is what [Verify] found.
type Result struct {
	OK        bool       `json:"ok"`
	Entries   int64      `json:"entries"`
	Root      string     `json:"root"` // base64
	Problems  []Problem  `json:"problems"`
	More      int        `json:"more_problems,omitzero"` // beyond those listed
	Unsigned  int64      `json:"unsigned,omitzero"`      // entries at the end that no checkpoint in the log covers yet
	Erased    int64      `json:"erased,omitzero"`        // entries whose content is gone, as other entries say
	Restores  []Restore  `json:"restores,omitzero"`
	Witnesses []Judgment `json:"witnesses,omitzero"`
}

// Judgment is the verdict on one witness.
type Judgment struct {
	Source  string      `json:"source"`
	Kind    WitnessKind `json:"kind,omitzero"`
	Verdict Verdict     `json:"verdict"`
	Size    int64       `json:"size"`
	At      string      `json:"at,omitzero"` // RFC 3339, or the day of a sheet
}
