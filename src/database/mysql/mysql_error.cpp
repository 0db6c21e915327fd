#include "database/mysql/mysql_error.h"

namespace parley::database {

// By number and not by name: mysqld_error.h of one of the two servers lacks what only the other
// has. MySQL: "Server Error Message Reference"; MariaDB: "MariaDB Error Codes".
ErrorCode classify_mysql(unsigned error_number) {
  switch (error_number) {
    case 1022:  // ER_DUP_KEY
    case 1062:  // ER_DUP_ENTRY
    case 1169:  // ER_DUP_UNIQUE
    case 1586:  // ER_DUP_ENTRY_WITH_KEY_NAME
      return ErrorCode::UniqueViolation;
    case 1216:  // ER_NO_REFERENCED_ROW
    case 1217:  // ER_ROW_IS_REFERENCED
    case 1451:  // ER_ROW_IS_REFERENCED_2
    case 1452:  // ER_NO_REFERENCED_ROW_2
      return ErrorCode::ForeignKeyViolation;
    case 1048:  // ER_BAD_NULL_ERROR
    case 1364:  // ER_NO_DEFAULT_FOR_FIELD
      return ErrorCode::NotNullViolation;
    case 3819:  // ER_CHECK_CONSTRAINT_VIOLATED (MySQL)
    case 4025:  // ER_CONSTRAINT_FAILED (MariaDB)
      return ErrorCode::CheckViolation;
    case 1153:  // ER_NET_PACKET_TOO_LARGE
    case 1406:  // ER_DATA_TOO_LONG
    case 2020:  // CR_NET_PACKET_TOO_LARGE
      return ErrorCode::ValueTooLong;
    case 1054:  // ER_BAD_FIELD_ERROR
    case 1072:  // ER_KEY_COLUMN_DOES_NOT_EXITS
      return ErrorCode::UnknownColumn;
    case 1051:  // ER_BAD_TABLE_ERROR
    case 1109:  // ER_UNKNOWN_TABLE
    case 1146:  // ER_NO_SUCH_TABLE
      return ErrorCode::UnknownTable;
    case 1008:  // ER_DB_DROP_EXISTS
    case 1046:  // ER_NO_DB_ERROR
    case 1049:  // ER_BAD_DB_ERROR
      return ErrorCode::UnknownDatabase;
    case 1064:  // ER_PARSE_ERROR
    case 1065:  // ER_EMPTY_QUERY
    case 1149:  // ER_SYNTAX_ERROR
      return ErrorCode::SyntaxError;
    case 1205:  // ER_LOCK_WAIT_TIMEOUT
    case 1317:  // ER_QUERY_INTERRUPTED
    case 1969:  // ER_STATEMENT_TIMEOUT (MariaDB)
    case 3024:  // ER_QUERY_TIMEOUT (MySQL)
    case 3572:  // ER_LOCK_NOWAIT (MySQL)
      return ErrorCode::Busy;
    case 1213:  // ER_LOCK_DEADLOCK
    case 1614:  // ER_XA_RBDEADLOCK
      return ErrorCode::Deadlock;
    case 1020:  // ER_CHECKREAD, with innodb_snapshot_isolation (MariaDB)
      return ErrorCode::SerializationFailure;
    case 1053:  // ER_SERVER_SHUTDOWN
    case 1152:  // ER_ABORTING_CONNECTION
    case 1927:  // ER_CONNECTION_KILLED (MariaDB)
    case 2006:  // CR_SERVER_GONE_ERROR
    case 2013:  // CR_SERVER_LOST
    case 2055:  // CR_SERVER_LOST_EXTENDED
    case 4031:  // ER_CLIENT_INTERACTION_TIMEOUT (MySQL)
      return ErrorCode::ConnectionLost;
    case 1040:  // ER_CON_COUNT_ERROR
    case 1203:  // ER_TOO_MANY_USER_CONNECTIONS
    case 2002:  // CR_CONNECTION_ERROR
    case 2003:  // CR_CONN_HOST_ERROR
    case 2005:  // CR_UNKNOWN_HOST
      return ErrorCode::CannotConnect;
    case 1044:  // ER_DBACCESS_DENIED_ERROR
    case 1045:  // ER_ACCESS_DENIED_ERROR
    case 1130:  // ER_HOST_NOT_PRIVILEGED
    case 1142:  // ER_TABLEACCESS_DENIED_ERROR
    case 1143:  // ER_COLUMNACCESS_DENIED_ERROR
    case 1227:  // ER_SPECIFIC_ACCESS_DENIED_ERROR
    case 1290:  // ER_OPTION_PREVENTS_STATEMENT: --read-only
    case 1370:  // ER_PROCACCESS_DENIED_ERROR
    case 1698:  // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    case 1792:  // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    case 1836:  // ER_READ_ONLY_MODE
      return ErrorCode::PermissionDenied;
    case 28:    // ENOSPC, passed on by some storage engines
    case 1021:  // ER_DISK_FULL
    case 1114:  // ER_RECORD_FILE_FULL
      return ErrorCode::DiskFull;
    case 1845:  // ER_ALTER_OPERATION_NOT_SUPPORTED: this ALGORITHM or LOCK
    case 1846:  // ER_ALTER_OPERATION_NOT_SUPPORTED_REASON
    case 4092:  // ER_INNODB_MAX_ROW_VERSION (MySQL): too many instant changes of one table
      return ErrorCode::UnsupportedOperation;
    default: return ErrorCode::DatabaseFailure;
  }
}

}  // namespace parley::database
