# Runs every migration below a folder with ActiveRecord and prints, as JSON by file name, the SQL that it sent and the
# error that it ended with. Usage: ruby rails-run.rb URL FOLDER
require 'active_record'
require 'json'

ActiveRecord::Base.establish_connection(ARGV[0])
ActiveRecord::Migration.verbose = false

# What strong_migrations adds, and a Rails without any setting.
class ActiveRecord::Migration
  def safety_assured
    yield
  end
end

module Rails
  def self.configuration
    Struct.new(:generators).new(Struct.new(:options).new({}))
  end
end

OF_NO_MIGRATION = /\A\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SHOW|SET )|pg_advisory|pg_class|pg_index|pg_attribute|pg_constraint|pg_type|information_schema|schema_migrations/i

sent = []
ActiveSupport::Notifications.subscribe('sql.active_record') do |*, payload|
  sent << payload[:sql] unless payload[:name] == 'SCHEMA' || OF_NO_MIGRATION.match?(payload[:sql])
end

result = {}
Dir["#{ARGV[1]}/*.rb"].sort_by { |path| File.basename(path) }.each do |path|
  sent = []
  error = nil
  text = File.read(path)
  name = text[/class\s+([\w:]+)\s*</, 1]
  begin
    Object.class_eval(text, path)
    migration = Object.const_get(name).new(name, 1)
    if migration.class.disable_ddl_transaction
      migration.migrate(:up)
    else
      ActiveRecord::Base.transaction { migration.migrate(:up) }
    end
  rescue Exception => e
    error = e.message.lines.first.to_s.strip
  end
  result[File.basename(path)] = { sql: sent, error: error }
  Object.send(:remove_const, name.split('::').first) rescue nil
end
puts JSON.generate({ version: ActiveRecord.version.to_s, files: result })
