import assert from 'node:assert/strict';
import { test } from 'node:test';
import { railsFix } from '../../../core/check/rails-fix.ts';

const CASES: [rule: string, line: string, fix: string[] | undefined][] = [
  [
    'index-not-concurrent',
    '    add_index :users, [:a, :b], unique: true # soon',
    [
      'disable_ddl_transaction!',
      '',
      'def change',
      '  add_index :users, [:a, :b], unique: true, algorithm: :concurrently',
      'end',
    ],
  ],
  [
    'drop-index-not-concurrent',
    'remove_index(:users, :email)',
    [
      'disable_ddl_transaction!',
      '',
      'def change',
      '  remove_index :users, :email, algorithm: :concurrently',
      'end',
    ],
  ],
  [
    'foreign-key-validates',
    'add_foreign_key :posts, :users, column: :author_id, on_delete: :cascade',
    [
      'add_foreign_key :posts, :users, column: :author_id, on_delete: :cascade, validate: false',
      '# In a migration of its own:',
      'validate_foreign_key :posts, :users, column: :author_id',
    ],
  ],
  [
    'check-validates',
    'add_check_constraint :users, "age > 0", name: "age_check"',
    [
      'add_check_constraint :users, "age > 0", name: "age_check", validate: false',
      '# In a migration of its own:',
      'validate_check_constraint :users, name: "age_check"',
    ],
  ],
  [
    'set-not-null-scans',
    'change_column_null :users, "email", false',
    [
      'add_check_constraint :users, "email IS NOT NULL", name: "users_email_null", validate: false',
      '# In a migration of its own:',
      'validate_check_constraint :users, name: "users_email_null"',
      'change_column_null :users, "email", false',
      'remove_check_constraint :users, name: "users_email_null"',
    ],
  ],
  [
    'drop-column',
    'remove_column :users, :email, :string',
    [
      '# In the model, deployed before: self.ignored_columns += ["email"]',
      'remove_column :users, :email, :string',
    ],
  ],
  ['index-not-concurrent', 'add_index :users,', undefined],
  ['index-not-concurrent', 'add_index :users, :a unless index_exists?(:users, :a)', undefined],
  ['index-not-concurrent', 'create_table :users do |t|', undefined],
  ['drop-table', 'drop_table :users', undefined],
];

for (const [rule, line, fix] of CASES)
  test(`${rule}: ${line.trim()}`, () => assert.equal(railsFix(rule, line), fix?.join('\n')));
