import { Field, Float, InputType, ObjectType } from "type-graphql";
import { badInput } from "./errors.js";

@ObjectType()
@InputType("MoneyInput")
export class Money {
  @Field(() => Float)
  amount: number;

  @Field(() => String, { description: "ISO 4217, such as EUR." })
  currency: string;
}

/** A price of nothing or more in a currency of three capital letters, without anything else. Throws BAD_INPUT. */
export function checkPrice(field: string, { amount, currency }: Money): Money {
  if (!(amount >= 0)) throw badInput(`${field}.amount`, `${field}.amount is ${amount}. A price is 0 or more.`);
  if (/^[A-Z]{3}$/.test(currency)) return { amount, currency };
  throw badInput(
    `${field}.currency`,
    `${field}.currency is not the code of a currency. Write three letters, such as EUR.`,
  );
}
