import { type Speaker, speaker } from "../message/message.js";

export const runQueryMessages = {
  "runQuery.unknownField":
    "There is no field “{name}”. A query asks for a field such as status, for config.… or for a metric such as val/accuracy@best.",
  "runQuery.unknownSummary": "A metric has @best, @last, @min and @max; “{name}” is none of them.",
  "runQuery.needsSummary":
    "“{name}” looks like a metric. Say which of its values is meant: @best, @last, @min or @max.",
  "runQuery.emptyPath":
    "A path into the training config is config.name or config.name.name, with quotes around unusual names.",
  "runQuery.expectedOperand": "A condition is missing here, such as status = RUNNING.",
  "runQuery.expectedOperator": "{name} needs a comparison here: {operators}.",
  "runQuery.expectedValue": "A value is missing here.",
  "runQuery.expectedList": "A list in parentheses is missing here, such as (RUNNING, FINISHED).",
  "runQuery.expectedJoin": "Between two conditions stands “and” or “or”.",
  "runQuery.unclosedParenthesis": "This parenthesis is never closed.",
  "runQuery.unopenedParenthesis": "This parenthesis was never opened.",
  "runQuery.unclosedQuote": 'This quote is never closed. Inside quotes, \\" is a quote.',
  "runQuery.unexpected": "“{text}” cannot stand here.",
  "runQuery.wrongOperator": "{name} cannot be compared by {operator}; it takes {operators}.",
  "runQuery.wrongChoice": "“{value}” is no value of {name}. It is one of {choices}.",
  "runQuery.wrongNumber": "{name} is compared with a number such as 0.9, 1e-3 or 90%; “{value}” is none.",
  "runQuery.wrongMoment":
    "{name} is compared with a date such as 2026-11-01, a time such as 2026-11-01T09:30Z, or -7d for a week ago; “{value}” is none.",
  "runQuery.wrongDuration": "{name} is compared with a duration such as 90s, 45m, 2h or 1d; “{value}” is none.",
  "runQuery.notSortable": "Runs cannot be sorted by {name}.",
  "runQuery.tooLong": "The query has {value} characters; at most {max} are read.",
  "runQuery.tooManyTerms": "The query has more than {max} conditions and values.",
  "runQuery.tooDeep": "More than {max} parentheses and “not” stand inside each other.",
} as const;

export const sayRunQuery: Speaker<typeof runQueryMessages> = speaker(runQueryMessages);
