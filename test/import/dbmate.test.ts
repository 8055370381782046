import {describeHistory, runTool} from './support/tool.ts'

const files = {
  'db/migrations/20260101100000_create_users.sql': `-- migrate:up
create table users (
  id int primary key,
  name varchar(20) not null default '; -- no comment'
);

-- migrate:down
drop table users;
`,
  'db/migrations/20260102100000_add-index.sql': `-- migrate:up transaction:false
create index concurrently users_name on users (name);

-- migrate:down transaction:false
drop index concurrently users_name;
`,
  'db/migrations/20260103100000_count.sql': `-- migrate:up
create function count_users() returns bigint language plpgsql as $$
begin
  return (select count(*) from users);
end
$$;
insert into users (id) values (1);

-- migrate:down
drop function count_users();
delete from users;
`,
}

describeHistory({
  tool: 'dbmate',
  kinds: ['postgresql'],
  packages: {dbmate: '2.36.0'},
  folder: 'db/migrations',
  ids: ['20260101100000', '20260102100000', '20260103100000'],
  files,
  async apply(folder, {url}, count) {
    const later = Object.keys(files).slice(count)
    for (const file of later) folder.remove(file)
    const flags = ['--url', `${url}?sslmode=disable`, '--no-dump-schema']
    await runTool(folder, 'node_modules/.bin/dbmate', [...flags, 'migrate'])
    folder.write(files)
  },
  isReversible: true,
  own: /schema_migrations/,
})
