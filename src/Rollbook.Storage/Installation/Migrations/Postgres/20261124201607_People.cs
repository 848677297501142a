using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Rollbook.Storage.Installation.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class People : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "CreatedBy",
                schema: "rollbook",
                table: "SetupLinks",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Email",
                schema: "rollbook",
                table: "SetupLinks",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "SeesPersonalData",
                schema: "rollbook",
                table: "SetupLinks",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "WithdrawnAt",
                schema: "rollbook",
                table: "SetupLinks",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "SeesPersonalData",
                schema: "rollbook",
                table: "DistrictRoles",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastSignInAt",
                schema: "rollbook",
                table: "AspNetUsers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DistrictSecurity",
                schema: "rollbook",
                columns: table => new
                {
                    DistrictId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    RequireSecondFactor = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DistrictSecurity", x => x.DistrictId);
                });

            migrationBuilder.CreateTable(
                name: "Sessions",
                schema: "rollbook",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    UserId = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Browser = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Sessions_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalSchema: "rollbook",
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SetupLinks_DistrictId",
                schema: "rollbook",
                table: "SetupLinks",
                column: "DistrictId");

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_UserId",
                schema: "rollbook",
                table: "Sessions",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DistrictSecurity",
                schema: "rollbook");

            migrationBuilder.DropTable(
                name: "Sessions",
                schema: "rollbook");

            migrationBuilder.DropIndex(
                name: "IX_SetupLinks_DistrictId",
                schema: "rollbook",
                table: "SetupLinks");

            migrationBuilder.DropColumn(
                name: "CreatedBy",
                schema: "rollbook",
                table: "SetupLinks");

            migrationBuilder.DropColumn(
                name: "Email",
                schema: "rollbook",
                table: "SetupLinks");

            migrationBuilder.DropColumn(
                name: "SeesPersonalData",
                schema: "rollbook",
                table: "SetupLinks");

            migrationBuilder.DropColumn(
                name: "WithdrawnAt",
                schema: "rollbook",
                table: "SetupLinks");

            migrationBuilder.DropColumn(
                name: "SeesPersonalData",
                schema: "rollbook",
                table: "DistrictRoles");

            migrationBuilder.DropColumn(
                name: "LastSignInAt",
                schema: "rollbook",
                table: "AspNetUsers");
        }
    }
}
