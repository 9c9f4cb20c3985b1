package dev.attune.data.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks that only some databases would see, by the vendor they are meant for; PostgreSQL's own are tried on it. */
class SqlSelectTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            mysql     | SELECT 1 /*! INTO OUTFILE '/tmp/x' */                   | a comment that MySQL executes
            mariadb   | SELECT 1 /*M! INTO OUTFILE '/tmp/x' */                  | a comment that MySQL executes
            mysql     | SELECT '\\', ' INTO OUTFILE "/tmp/x" -- '               | a backslash before a quote
            mysql     | SELECT "\\", " INTO OUTFILE '/tmp/x' -- "               | a backslash before a quote
            mysql     | SELECT 1 # ' INTO OUTFILE "/tmp/x" -- '                 | the sign #
            odd       | SELECT 1 # '                                            | the sign #
            mysql     | SELECT 1 INTO OUTFILE '/tmp/x'                          | has INTO
            mysql     | SELECT 1 INTO @a                                        | has INTO
            mysql     | SELECT * FROM t LOCK IN SHARE MODE                      | LOCK IN SHARE MODE
            mysql     | SELECT * FROM t PROCEDURE ANALYSE()                     | calls a procedure
            mysql     | LOAD DATA INFILE 'x' INTO TABLE t                       | begins with LOAD
            mysql     | HANDLER t OPEN                                          | begins with HANDLER
            mysql     | REPLACE INTO t VALUES (1)                               | begins with REPLACE
            oracle    | SELECT q'[', ']' FROM dual                              | q-quotes
            oracle    | WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual | statements
            oracle    | BEGIN DELETE FROM t; END;                               | statements
            sqlserver | SELECT [a' ] INTO x FROM t --' ]                        | a quote, comment or semicolon in [ ]
            sqlserver | SELECT 1 INTO #t                                        | has INTO
            sqlserver | EXEC xp_cmdshell 'dir'                                  | begins with EXEC
            sqlserver | SELECT NEXT VALUE FOR s                                 | advances a sequence
            sqlserver | SELECT 1 DELETE FROM t                                  | holds DELETE
            sqlserver | SELECT a FROM t SHUTDOWN                                | holds SHUTDOWN
            sqlserver | SELECT a FROM t COMMIT                                  | holds COMMIT
            sqlserver | SELECT [a]]b; DELETE FROM t --]                         | 2 statements
            odd       | SELECT a FROM t ROLLBACK                                | holds ROLLBACK
            sqlserver | SELECT a FROM t MERGE t USING u ON a = b WHEN MATCHED THEN DELETE; | holds DELETE
            db2       | SELECT * FROM OLD TABLE (DELETE FROM t)                 | holds DELETE
            db2       | SELECT * FROM FINAL TABLE (INSERT INTO t VALUES (1))    | holds INSERT
            h2        | SCRIPT TO 'x'                                           | begins with SCRIPT
            h2        | SELECT 1; CREATE ALIAS E AS 'x'                         | 2 statements
            sqlite    | ATTACH 'x' AS y                                         | begins with ATTACH
            sqlite    | PRAGMA writable_schema = 1                              | begins with PRAGMA
            mysql     | SELECT a FROM t WHERE n > 5--1 AND secret = 0               | -- without a space behind it
            odd       | SELECT a FROM t --x                                     | -- without a space behind it
            h2        | SELECT FILE_WRITE('x', 'f')                             | calls file_write
            h2        | SELECT "FILE_WRITE" ('x', 'f')                          | calls file_write
            h2        | SELECT CSVWRITE('f', 'SELECT 1')                        | calls csvwrite
            h2        | SELECT * FROM LINK_SCHEMA('a', '', 'jdbc:h2:b', '', '', 'c') | calls link_schema
            postgresql | SELECT 'it''s', pg_catalog.lo_export(1, '/tmp/x')      | calls lo_export
            postgresql | SELECT "a'b", "pg_catalog"."lo_import"('/tmp/x') FROM t | calls lo_import
            postgresql | SELECT dblink_exec('x', 'DROP TABLE t')                | calls dblink_exec
            postgresql | SELECT * FROM dblink('x', 'SELECT 1') AS t(a int)      | calls dblink
            postgresql | SELECT pg_file_write('f', 'x', true)                   | calls pg_file_write
            sqlite    | SELECT load_extension('x')                              | calls load_extension
            sqlserver | SELECT * FROM OPENQUERY(server, 'DELETE FROM t')           | calls openquery
            odd       | SELECT 'open                                            | a quote that is not closed
            odd       | SELECT 1 /* open                                        | a comment that does not end
            odd       | SELECT `a'b` FROM t                                     | in backticks
            odd       | SHOW TABLES                                             | begins with SHOW
            """)
    void refused(String vendor, String sql, String found) {
        assertThatThrownBy(() -> SqlSelect.check(sql, vendor))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            mysql     | SELECT `a`, insert(a, 1, 2, 'b'), replace(a, 'x', 'y') FROM `t` WHERE a = "x" LIMIT 5, 10
            mysql     | SELECT group_concat(a ORDER BY b SEPARATOR ',') FROM t GROUP BY c
            sqlserver | SELECT TOP 10 [a b], x FROM [dbo].[t] WITH (NOLOCK)
            sqlserver | SELECT a FROM #temp INNER JOIN t ON [delete] = "set" WHERE CASE WHEN a = 1 THEN 2 END = 2
            oracle    | SELECT a FROM v$session WHERE rownum < 10 AND b = '\\d'
            oracle    | SELECT a FROM t FETCH FIRST 10 ROWS ONLY
            h2        | SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY b ORDER BY c) = 1
            sqlite    | SELECT a FROM t WHERE b LIKE '%x%' LIMIT 10 OFFSET 5
            postgresql | SELECT my_lo_export(a), "file_write", 'csvwrite(1)' FROM t WHERE lo_export = 1
            postgresql | SELECT data #>> '{a,b}', tags[1], deleted, "update" FROM t WHERE lock IN (1, 2)
            """)
    void letThrough(String vendor, String sql) {
        assertThat(SqlSelect.check(sql, vendor)).isEqualTo(sql);
    }

    @Test
    void commentsAreNotSentAndLinesStay() {
        assertThat(SqlSelect.check("SELECT a --b\nFROM t", "postgresql")).isEqualTo("SELECT a    \nFROM t");
        assertThat(SqlSelect.check("SELECT a FROM t --", "mysql")).isEqualTo("SELECT a FROM t");
        assertThat(SqlSelect.check("SELECT a -- b;\nFROM t /* c\nd */ WHERE 'x--' = '/*' ; -- e", "mysql"))
                .isEqualTo("SELECT a      \nFROM t     \n     WHERE 'x--' = '/*'");
    }
}
