import { Column, Entity, PrimaryColumn } from "typeorm";

/** A signed-in browser. Only the SHA-256 of its token is stored. */
@Entity()
export class Session {
  @PrimaryColumn("bytea")
  tokenHash: Buffer;

  @Column("timestamptz")
  createdAt: Date;

  @Column("timestamptz")
  expiresAt: Date;
}
