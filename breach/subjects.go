package breach

// SubjectsPrepared is what data subjects are told, besides whom to ask: the four
// contents of assurance §3.3. Without remedies and advice nothing is sent (B19).
type SubjectsPrepared struct {
	Nature   string `json:"nature" doc:"What happened, in plain words"`
	Effects  string `json:"effects" doc:"What it may mean for them"`
	Remedies string `json:"remedies" doc:"How they are made good"`
	Measures string `json:"measures" doc:"What was done and will be"`
	Advice   string `json:"advice" doc:"What they can do themselves"`
}

// Kind is [KindSubjectsPrepared].
func (SubjectsPrepared) Kind() Kind { return KindSubjectsPrepared }

func (b SubjectsPrepared) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text(ContentNature, b.Nature)
	f.text(ContentEffects, b.Effects)
	f.text(ContentRemedies, b.Remedies)
	f.text(ContentMeasures, b.Measures)
	f.text(ContentAdvice, b.Advice)
	if err := f.err(); err != nil {
		return err
	}
	if c.Report.Role != RoleController {
		return &RefusedError{b.Kind(), WhyController}
	}
	return nil
}

func (b SubjectsPrepared) apply(c *Case, _ Event) { c.Prepared = &b }

// Way is how a notice reaches those who aren't told one by one (B21).
type Way string

// To a group, or to the public.
const (
	WayGroup  Way = "group"
	WayPublic Way = "public"
)

// Medium is where a group or public notice stands.
type Medium string

// The media.
const (
	MediumWebsite Medium = "website"
	MediumSocial  Medium = "social_media"
	MediumMedia   Medium = "public_media"
	MediumNotice  Medium = "notice_board"
)

// NoIndividual is why data subjects aren't told one by one (B21).
type NoIndividual string

// The law's two grounds.
const (
	NoContact      NoIndividual = "no_contact"
	OtherNecessity NoIndividual = "other_necessity"
)

// Published is a notice to a group or to the public, in place of letters. Its
// text must hold no personal data: a [Keeper] has it read before it takes it (B23).
type Published struct {
	Way         Way          `json:"way" doc:"How the public is told"`
	Ground      NoIndividual `json:"ground" doc:"Why nobody can be told by themselves"`
	Reason      string       `json:"reason" doc:"That reason at length"`
	Medium      Medium       `json:"medium" doc:"What kind of medium"`
	Where       string       `json:"where" doc:"The page's address, or the medium's name"`
	PublishedAt Moment       `json:"published_at" doc:"When it came out"`
	Text        string       `json:"text" doc:"What it says"`
	Evidence    string       `json:"evidence" doc:"SHA-256 of the proof of publication"`
}

// Kind is [KindPublished].
func (Published) Kind() Kind { return KindPublished }

func (b Published) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("way", b.Way == WayGroup || b.Way == WayPublic)
	f.require("ground", b.Ground == NoContact || b.Ground == OtherNecessity)
	f.text("reason", b.Reason)
	f.require("medium", among(b.Medium, []Medium{MediumWebsite, MediumSocial, MediumMedia, MediumNotice}))
	f.text("where", b.Where)
	f.past("published_at", b.PublishedAt)
	f.text("text", b.Text)
	f.digest("evidence", b.Evidence)
	if err := f.err(); err != nil {
		return err
	}
	return c.mayTell(b.Kind())
}

// mayTell says whether data subjects can be told: by the controller, with all contents.
func (c *Case) mayTell(kind Kind) error {
	if c.Report.Role != RoleController {
		return &RefusedError{kind, WhyController}
	}
	if missing := c.SubjectsMissing(); len(missing) > 0 {
		return &MissingError{missing}
	}
	return nil
}

func (b Published) apply(c *Case, _ Event) {
	c.Published = append(c.Published, Publication{Published: b, Number: len(c.Published) + 1})
}

// Publication is a published notice with the last look at its page.
type Publication struct {
	Published
	Number int   `json:"number" doc:"1, 2 …"`
	Reach  Reach `json:"reach,omitzero" doc:"What a look at the page found; absent while nobody looked"`
}

// stands says that the notice counts: one on a page counts once the page was
// seen without a login (B22). What stands elsewhere has its evidence.
func (p Publication) stands() bool { return p.Medium != MediumWebsite || p.Reach == ReachOpen }
