package office

import web "chipproof/api/console"

// input is how a field of a form is filled in.
type input string

const (
	inText    input = "text"
	inLines   input = "lines"   // several lines
	inWhen    input = "when"    // a moment in Thailand
	inChoice  input = "choice"  // one of a closed list
	inMany    input = "many"    // some of a closed list
	inCount   input = "count"   // a number and how well it is known
	inDigest  input = "digest"  // SHA-256 of a file that stays where it is
	inRef     input = "ref"     // the number of something that the incident has
	inMeasure input = "measure" // an item of a checklist
	inRows    input = "rows"    // rows of a list by their numbers
	inNumber  input = "number"
)

// field is one field of a form, with everything that is said about it.
type field struct {
	// Name is the member of the event's body; dots lead into members of members.
	Name    string
	Input   input
	TH, EN  string
	HelpTH  string
	HelpEN  string
	Choices []option
	List    string // names the choices in the catalogue
	Of      string // for inRef: of what
	Need    bool   // to be filled in
	Now     bool   // for inWhen: begins with the present
	Number  bool   // for inChoice: the values are numbers

	form string
}

// option is a value of a closed list with its words.
type option struct{ Value, TH, EN string }

// form asks for one event.
type form struct {
	ID   string
	Kind string
	// Step is the step of the five in which it belongs; 0 stands beside them.
	Step           int
	TH, EN         string
	HelpTH, HelpEN string
	// Fixed are members with one value, as the area of a checklist.
	Fixed  map[string]string
	Fields []field
}

// Key, Label and the others are the keys of the catalogue, for the template.
func (f form) Key() string { return "form." + f.ID }

// HelpKey is empty where there is no help.
func (f form) HelpKey() string { return keyIf(f.HelpTH, "formhelp."+f.ID) }

// Label is the key of a field's label.
func (f field) Label() string { return "field." + f.form + "." + f.Name }

// HelpKey is empty where there is no help.
func (f field) HelpKey() string { return keyIf(f.HelpTH, "fieldhelp."+f.form+"."+f.Name) }

// ID names the field's element.
func (f field) ID() string { return "f-" + f.form + "-" + f.Name }

// Few says that the choices are few enough to be seen at once.
func (f field) Few() bool { return len(f.Choices) <= 4 }

// ChoiceKey is the key of a choice.
func (f field) ChoiceKey(value string) string { return "choice." + f.List + "." + value }

func keyIf(text, key string) string {
	if text == "" {
		return ""
	}
	return key
}

// The ways to say more of a field.
type more func(*field)

func ask(name string, in input, th, en string, with ...more) field {
	f := field{Name: name, Input: in, TH: th, EN: en}
	for _, w := range with {
		w(&f)
	}
	return f
}

func need(f *field) { f.Need = true }
func now(f *field)  { f.Now, f.Need = true, true }

func help(th, en string) more { return func(f *field) { f.HelpTH, f.HelpEN = th, en } }
func of(what string) more     { return func(f *field) { f.Of, f.Need = what, true } }

func from(list string, choices []option) more {
	return func(f *field) { f.List, f.Choices = list, choices }
}

func numbers(list string, choices []option) more {
	return func(f *field) { f.List, f.Choices, f.Number = list, choices, true }
}

// incidentForms is the table of forms: one for each kind of event, three for the
// checklists.
func incidentForms() []form {
	var all []form
	for _, list := range [][]form{intakeForms(), factForms(), riskForms(), containForms(), officeForms(), subjectForms(), recoveryForms(), closingForms()} {
		for _, f := range list {
			for n := range f.Fields {
				f.Fields[n].form = f.ID
			}
			all = append(all, f)
		}
	}
	return all
}

// formMessages are the texts of all forms.
func formMessages(forms []form) []web.Message {
	var list []web.Message
	said := map[string]bool{}
	add := func(key, th, en string) {
		if th != "" && !said[key] {
			said[key] = true
			list = append(list, say(key, th, en))
		}
	}
	for _, f := range forms {
		add(f.Key(), f.TH, f.EN)
		add("formhelp."+f.ID, f.HelpTH, f.HelpEN)
		for _, field := range f.Fields {
			add(field.Label(), field.TH, field.EN)
			add("fieldhelp."+f.ID+"."+field.Name, field.HelpTH, field.HelpEN)
			for _, o := range field.Choices {
				add(field.ChoiceKey(o.Value), o.TH, o.EN)
			}
		}
	}
	return list
}
